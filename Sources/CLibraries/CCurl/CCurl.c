#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>

// The functions of the loaded library. The parentheses keep out the macros of the same names.
static struct {
    __typeof__(&(curl_global_init)) global_init;
    __typeof__(&(curl_easy_init)) easy_init;
    __typeof__(&(curl_easy_cleanup)) easy_cleanup;
    __typeof__(&(curl_easy_perform)) easy_perform;
    __typeof__(&(curl_easy_strerror)) easy_strerror;
    __typeof__(&(curl_easy_setopt)) easy_setopt;
    __typeof__(&(curl_easy_getinfo)) easy_getinfo;
} library;

static bool is_loaded = false;

static void load(void) {
    // The second is Debian's build with GnuTLS, which has the same interface.
    void *object = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (object == NULL) { object = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL); }
    if (object == NULL) { return; }
    *(void **)&library.global_init = dlsym(object, "curl_global_init");
    *(void **)&library.easy_init = dlsym(object, "curl_easy_init");
    *(void **)&library.easy_cleanup = dlsym(object, "curl_easy_cleanup");
    *(void **)&library.easy_perform = dlsym(object, "curl_easy_perform");
    *(void **)&library.easy_strerror = dlsym(object, "curl_easy_strerror");
    *(void **)&library.easy_setopt = dlsym(object, "curl_easy_setopt");
    *(void **)&library.easy_getinfo = dlsym(object, "curl_easy_getinfo");
    is_loaded = library.global_init && library.easy_init && library.easy_cleanup &&
                library.easy_perform && library.easy_strerror && library.easy_setopt &&
                library.easy_getinfo && library.global_init(CURL_GLOBAL_ALL) == CURLE_OK;
}

bool pixloom_curl_load(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return is_loaded;
}

CURL *pixloom_curl_make(void) { return library.easy_init(); }

void pixloom_curl_free(CURL *handle) { library.easy_cleanup(handle); }

CURLcode pixloom_curl_perform(CURL *handle) { return library.easy_perform(handle); }

const char *pixloom_curl_message(CURLcode code) { return library.easy_strerror(code); }

CURLcode pixloom_curl_set_long(CURL *handle, CURLoption option, long value) {
    return library.easy_setopt(handle, option, value);
}

CURLcode pixloom_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return library.easy_setopt(handle, option, value);
}

CURLcode pixloom_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return library.easy_setopt(handle, option, value);
}

CURLcode pixloom_curl_set_error_buffer(CURL *handle, char *buffer) {
    return library.easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

CURLcode pixloom_curl_set_write(CURL *handle, curl_write_callback callback, void *context) {
    CURLcode code = library.easy_setopt(handle, CURLOPT_WRITEFUNCTION, callback);
    return code == CURLE_OK ? library.easy_setopt(handle, CURLOPT_WRITEDATA, context) : code;
}

CURLcode pixloom_curl_set_header(CURL *handle, curl_write_callback callback, void *context) {
    CURLcode code = library.easy_setopt(handle, CURLOPT_HEADERFUNCTION, callback);
    return code == CURLE_OK ? library.easy_setopt(handle, CURLOPT_HEADERDATA, context) : code;
}

CURLcode pixloom_curl_set_progress(CURL *handle, curl_xferinfo_callback callback, void *context) {
    CURLcode code = library.easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, callback);
    if (code == CURLE_OK) { code = library.easy_setopt(handle, CURLOPT_XFERINFODATA, context); }
    return code == CURLE_OK ? library.easy_setopt(handle, CURLOPT_NOPROGRESS, 0L) : code;
}

CURLcode pixloom_curl_set_protocols(CURL *handle, const char *first, const char *redirected) {
    CURLcode code = library.easy_setopt(handle, CURLOPT_PROTOCOLS_STR, first);
    return code == CURLE_OK
               ? library.easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, redirected)
               : code;
}

long pixloom_curl_long(CURL *handle, CURLINFO info) {
    long value = 0;
    return library.easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

curl_off_t pixloom_curl_offset(CURL *handle, CURLINFO info) {
    curl_off_t value = 0;
    return library.easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

const char *pixloom_curl_string(CURL *handle, CURLINFO info) {
    char *value = NULL;
    return library.easy_getinfo(handle, info, &value) == CURLE_OK ? value : NULL;
}
