#include "CLCMS2.h"
