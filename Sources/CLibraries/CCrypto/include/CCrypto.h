// SHA-256 of OpenSSL's libcrypto, which uses the processor's own instructions for it.

#pragma once

#include <openssl/sha.h>
