#define _GNU_SOURCE

#include "CLinuxShims.h"

#include <fcntl.h>
#include <linux/falloc.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int pixloom_memfd_create(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int pixloom_punch_hole(int descriptor, off_t offset, off_t byte_count) {
    return fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, byte_count);
}

int pixloom_pidfd_open(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int pixloom_pidfd_send_signal(int descriptor, int number) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, number, NULL, 0);
}

int pixloom_nonblocking_pipe(int descriptors[2]) {
    return pipe2(descriptors, O_CLOEXEC | O_NONBLOCK);
}

int pixloom_set_parent_death_signal(int number) {
    return prctl(PR_SET_PDEATHSIG, number, 0, 0, 0);
}

int pixloom_set_dumpable(int dumpable) { return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0); }

int pixloom_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int pixloom_allowed_processor_count(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : -1;
}

int pixloom_has_exited(int status) { return WIFEXITED(status); }
int pixloom_exit_code(int status) { return WEXITSTATUS(status); }
int pixloom_terminating_signal(int status) { return WTERMSIG(status); }

int pixloom_is_ignored(int signal) {
    struct sigaction action;
    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

const char *pixloom_error_description(int error) { return strerrordesc_np(error); }

int pixloom_add_close_from(void *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int pixloom_terminal_width(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

const char *pixloom_built_processor_level(void) {
#if defined(__x86_64__) && defined(__AVX2__)
    return "x86-64-v3";
#elif defined(__x86_64__)
    return "x86-64";
#elif defined(__aarch64__)
    return "aarch64";
#else
    return "any processor";
#endif
}

const char *pixloom_present_processor_level(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("x86-64-v4")   ? "x86-64-v4"
           : __builtin_cpu_supports("x86-64-v3") ? "x86-64-v3"
           : __builtin_cpu_supports("x86-64-v2") ? "x86-64-v2"
                                                 : "x86-64";
#else
    return pixloom_built_processor_level();
#endif
}

const char *pixloom_missing_processor_level(void) {
#if defined(__x86_64__) && defined(__AVX2__)
    return __builtin_cpu_supports("x86-64-v3") ? NULL : "x86-64-v3";
#else
    return NULL;
#endif
}

void pixloom_keep_freed_memory(int mapped_byte_count, int trimmed_byte_count) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, mapped_byte_count);
    mallopt(M_TRIM_THRESHOLD, trimmed_byte_count);
#endif
}

void pixloom_trim_heap(void) {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}
