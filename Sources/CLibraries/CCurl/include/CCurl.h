// libcurl's easy interface, loaded when it is first needed.
//
// Linking to libcurl would load it and the twenty-five libraries behind it at each start, which
// takes 5 to 7 ms, also for runs that download nothing. Calls with variable arguments, which Swift
// can't see, have one typed function each for the kinds of argument that are used.

#pragma once

// The types of glibc that curl.h refers to stay those of Swift's own module of glibc; this module
// would otherwise have a timespec of its own.
#if __has_feature(modules)
#pragma clang module import SwiftGlibc
#endif

#include <curl/curl.h>
#include <stdbool.h>

/// Loads the library, once for the process; false if it can't be. Comes before all other calls.
bool pixloom_curl_load(void);

/// curl_easy_init(3), curl_easy_cleanup(3), curl_easy_perform(3) and curl_easy_strerror(3).
CURL *pixloom_curl_make(void);
void pixloom_curl_free(CURL *handle);
CURLcode pixloom_curl_perform(CURL *handle);
const char *pixloom_curl_message(CURLcode code);

/// curl_easy_setopt(3) for options that take a number, a size or a string, which libcurl copies.
CURLcode pixloom_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode pixloom_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode pixloom_curl_set_string(CURL *handle, CURLoption option, const char *value);

/// CURLOPT_ERRORBUFFER: CURL_ERROR_SIZE bytes that outlive the handle.
CURLcode pixloom_curl_set_error_buffer(CURL *handle, char *buffer);

/// The three callbacks and what each of them gets as its last or first argument.
CURLcode pixloom_curl_set_write(CURL *handle, curl_write_callback callback, void *context);
CURLcode pixloom_curl_set_header(CURL *handle, curl_write_callback callback, void *context);
CURLcode pixloom_curl_set_progress(CURL *handle, curl_xferinfo_callback callback, void *context);

/// The protocols of the first address and of those that it is redirected to, as in "http,https".
CURLcode pixloom_curl_set_protocols(CURL *handle, const char *first, const char *redirected);

/// curl_easy_getinfo(3); 0 and NULL where there is nothing to get. The string belongs to the handle.
long pixloom_curl_long(CURL *handle, CURLINFO info);
curl_off_t pixloom_curl_offset(CURL *handle, CURLINFO info);
const char *pixloom_curl_string(CURL *handle, CURLINFO info);
