// What Swift cannot see of Linux's files.

#pragma once

/// renameat2(2) with RENAME_NOREPLACE, within one folder: EEXIST if `to` exists.
int pixloom_rename_without_replacing(int folder, const char *from, const char *to);
