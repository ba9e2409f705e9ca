/* What the system lets a process have: its limits of resources. */
#ifndef HEAPSCOPE_BASE_BOUNDS_H
#define HEAPSCOPE_BASE_BOUNDS_H

#include "base/words.h"

enum { BOUND_FILE, BOUND_MEMORY, BOUND_DATA, BOUNDS };

u64 bound_hard(int which); /* bytes that it may be raised to by anybody; 0: there is none */
void bounds_raise(void);   /* in a forked child: as far as anybody may */

#endif
