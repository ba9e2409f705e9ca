/* How large a heap's numbers may be: references are 32 bits, and their highest value says "none". */
#ifndef HEAPSCOPE_HEAP_LIMITS_H
#define HEAPSCOPE_HEAP_LIMITS_H

#define EDGES_PER_BLOCK (1 << 18)
#define MAX_NODES 0xFFFFFFFEull
#define MAX_EDGES (0xFFFFFFFEull - EDGES_PER_BLOCK) /* what is being filled comes on top */

#endif
