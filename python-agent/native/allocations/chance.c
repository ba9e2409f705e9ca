#include "allocations/chance.h"
#include <string.h>

/* No function of the mathematical library: not every interpreter has it loaded. */

#define LN2 0.69314718055994530942
#define SURE 40.0 /* from here on 1 - exp(-x) is 1 */

double chance_of(double size, double mean) {
    double x = size / mean, sum, term;
    int halvings = 0;
    if (x > SURE) return 1;
    for (; x > 0.25; x *= 0.5) halvings++;
    sum = term = -x;
    for (int n = 2; n < 12; n++) sum += term *= -x / n;
    while (halvings--) sum *= sum + 2; /* exp(2x) - 1 from exp(x) - 1 */
    return -sum;
}

/* Of a number in (0, 1]. */
static double logarithm(double value) {
    u64 bits;
    double m, y, y2, sum = 0;
    int exponent;
    memcpy(&bits, &value, 8);
    exponent = (int)(bits >> 52) - 1023;
    bits = (bits & 0x000FFFFFFFFFFFFFull) | 0x3FF0000000000000ull;
    memcpy(&m, &bits, 8);
    if (m > 1.4142135623730951) m *= 0.5, exponent++;
    y = (m - 1) / (m + 1);
    y2 = y * y;
    for (int n = 17; n > 0; n -= 2) sum = sum * y2 + 1.0 / n;
    return exponent * LN2 + 2 * y * sum;
}

/* SplitMix64: one addition that threads share, and the rest on their own. */
static u64 random_bits(u64 *seed) {
    u64 x = __atomic_add_fetch(seed, 0x9E3779B97F4A7C15ull, __ATOMIC_RELAXED);
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ x >> 27) * 0x94D049BB133111EBull;
    return x ^ x >> 31;
}

int64_t chance_draw(u64 *seed, double mean) {
    double u = (double)((random_bits(seed) >> 11) + 1) * (1.0 / 9007199254740992.0);
    return (int64_t)(-logarithm(u) * mean);
}
