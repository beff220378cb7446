// Counts the allocations of each thread of the test process.
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

/// The calls of malloc(3) and its relatives that the calling thread has made so far.
unsigned long allocation_count(void);

#endif
