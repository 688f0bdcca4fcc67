/// What the processor that we run on can do.
#ifndef ATTUNE_PROCESSOR_H
#define ATTUNE_PROCESSOR_H

/// 0: nothing of interest here, 1: AVX-512 (F, BW, DQ, VL), 2: bfloat16 products besides.
int attune_vector_level(void);

/// Lets a few dozen cycles go by, for a thread that waits for another one's next word.
void attune_pause(void);

#endif
