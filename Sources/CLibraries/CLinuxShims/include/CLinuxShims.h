// What Swift cannot see of Linux: calls that glibc declares only under _GNU_SOURCE, that take
// variable arguments, or that have no wrapper. Each function is one call and has no logic.
//
// The functions are in a file of C and not inline here: _GNU_SOURCE would give this module other
// definitions of glibc's types than those that Swift's own Glibc module has.

#pragma once

#include "CLinuxFiles.h"
#include "CPrefetch.h"

#include <sys/types.h>

/// memfd_create(2) with MFD_CLOEXEC.
int pixloom_memfd_create(const char *name);

/// fallocate(2): gives the pages of a range back and keeps the size.
int pixloom_punch_hole(int descriptor, off_t offset, off_t byte_count);

/// pidfd_open(2); the descriptor is close-on-exec.
int pixloom_pidfd_open(pid_t process);

/// pidfd_send_signal(2).
int pixloom_pidfd_send_signal(int descriptor, int number);

/// pipe2(2) with O_CLOEXEC and O_NONBLOCK.
int pixloom_nonblocking_pipe(int descriptors[2]);

/// prctl(2) PR_SET_PDEATHSIG: the signal that this process gets when the thread that spawned it
/// ends.
int pixloom_set_parent_death_signal(int number);

/// prctl(2) PR_SET_DUMPABLE: 0 means no core file, and no ptrace(2) by processes of the same user.
int pixloom_set_dumpable(int dumpable);

/// prctl(2) PR_SET_NAME: names the calling thread; at most 15 bytes are kept.
int pixloom_set_thread_name(const char *name);

/// sched_getaffinity(2): the number of processors that the calling thread may use, or -1.
int pixloom_allowed_processor_count(void);

/// The macros of wait(2).
int pixloom_has_exited(int status);
int pixloom_exit_code(int status);
int pixloom_terminating_signal(int status);

/// sigaction(2): whether a signal is ignored. Swift cannot compare its handlers.
int pixloom_is_ignored(int signal);

/// strerrordesc_np(3): a description that is never freed, or NULL.
const char *pixloom_error_description(int error);

/// posix_spawn_file_actions_addclosefrom_np(3): the child closes every descriptor from `first` on.
/// `actions` is a posix_spawn_file_actions_t, whose type Swift has from its own module.
int pixloom_add_close_from(void *actions, int first);

/// ioctl_tty(2) TIOCGWINSZ: the columns of a terminal, 0 for what is none.
int pixloom_terminal_width(int descriptor);

/// What this build was compiled for that the processor lacks: `x86-64-v3`, or NULL.
const char *pixloom_missing_processor_level(void);

/// The level of instructions that this build was compiled for, as in `x86-64-v3`.
const char *pixloom_built_processor_level(void);

/// The highest level that the processor has.
const char *pixloom_present_processor_level(void);

/// mallopt(3) M_MMAP_THRESHOLD and M_TRIM_THRESHOLD, where the C library has them.
void pixloom_keep_freed_memory(int mapped_byte_count, int trimmed_byte_count);

/// malloc_trim(3): gives free memory of the heap back to the system.
void pixloom_trim_heap(void);
