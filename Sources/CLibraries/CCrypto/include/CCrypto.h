// SHA-256 of OpenSSL's libcrypto, which uses the processor's own instructions for it.

#pragma once

// The calls that work on a structure of the caller's are still there, only not recommended.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/sha.h>
