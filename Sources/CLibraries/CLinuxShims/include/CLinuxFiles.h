// What Swift cannot see of Linux's files.

#pragma once

/// syncfs(2): everything on the file system of an open file goes to disk.
int pixloom_sync_file_system(int descriptor);

/// renameat2(2) with RENAME_NOREPLACE, within one folder: EEXIST if `to` exists.
int pixloom_rename_without_replacing(int folder, const char *from, const char *to);
