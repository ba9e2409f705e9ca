#include "python/values.h"
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "python/text.h"

#define DIGIT_BITS 30
#define WHOLE_BITS 192 /* of an int that is written in full; of others the first 64 bits */
#define MAX_DIGITS ((WHOLE_BITS + DIGIT_BITS - 1) / DIGIT_BITS)
#define GROUP 1000000000u

static const char hexadecimal[] = "0123456789abcdef";

static u32 bits_of(u32 digit) {
    u32 bits = 0;
    for (; digit; digit >>= 1) bits++;
    return bits;
}

/* Nine decimals at a time from the low end: `digits` is divided in place. */
static u32 all_decimals(u32 *digits, u64 count, char *into) {
    char reversed[72];
    u32 used = 0, n = 0;
    while (count) {
        u64 rest = 0;
        for (u64 i = count; i-- > 0;) {
            rest = rest << DIGIT_BITS | digits[i];
            digits[i] = (u32)(rest / GROUP);
            rest %= GROUP;
        }
        while (count && !digits[count - 1]) count--;
        for (int i = 0; count ? i < 9 : rest > 0; i++, rest /= 10) reversed[n++] = (char)('0' + rest % 10);
    }
    while (n) into[used++] = reversed[--n];
    return used;
}

/* 0x and its first sixteen digits, as hex() has them. */
static u32 first_digits(const char *o, u64 count, u64 bits, char *into) {
    int64_t from = (int64_t)((bits - 1) / 4 * 4) - 60;
    u64 value = 0;
    u32 used = 2;
    for (u64 i = count; i-- > 0;) {
        int64_t at = (int64_t)(DIGIT_BITS * i) - from;
        if (at <= -DIGIT_BITS) break;
        value |= at >= 0 ? (u64)half_at(o, 24 + 4 * (long)i) << at : half_at(o, 24 + 4 * (long)i) >> -at;
    }
    memcpy(into, "0x", 2);
    for (int shift = 60; shift >= 0; shift -= 4) into[used++] = hexadecimal[value >> shift & 15];
    memcpy(into + used, "\xE2\x80\xA6", 3);
    return used + 3;
}

u32 whole_text(const Python *py, const char *o, char *into) {
    u64 word = word_at(o, OB_SIZE), count, bits;
    int is_negative, tagged = (int)py->layout.int_tagged;
    u32 digits[MAX_DIGITS], used = int_text(py, o, into);
    if (used || py->layout.int_bits != DIGIT_BITS) return used;
    is_negative = tagged ? (word & 3) == 2 : (int64_t)word < 0;
    count = tagged ? word >> 3 : is_negative ? -word : word;
    bits = DIGIT_BITS * (count - 1) + bits_of(half_at(o, 24 + 4 * (long)(count - 1)));
    if (is_negative) *into++ = '-';
    if (bits > WHOLE_BITS) return (u32)is_negative + first_digits(o, count, bits, into);
    for (u64 i = 0; i < count; i++) digits[i] = half_at(o, 24 + 4 * (long)i);
    return (u32)is_negative + all_decimals(digits, count, into);
}

/* The shortest text that is this number. snprintf and strtod of a double neither allocate nor lock; the program may have chosen another
   decimal point for them. */
static u32 double_text(double value, char *into) {
    double size = value < 0 ? -value : value;
    int least = size < DBL_MIN ? 1 : size >= 1e15 && size < 1e16 ? 16 : 15;
    u32 used = 0;
    if (value != value) { memcpy(into, "nan", 3); return 3; }
    for (int digits = least; digits <= 17; digits++) {
        int is_long = digits == 17 && size >= 1e16; /* %g would write it without an exponent */
        snprintf(into, 32, is_long ? "%.*e" : "%.*g", digits - is_long, value);
        if (strtod(into, NULL) == value) break;
    }
    for (const char *at = into; *at; at++) {
        if (strchr("0123456789+-einf", *at)) into[used++] = *at;
        else if (!used || into[used - 1] != '.') into[used++] = '.';
    }
    return used;
}

static double double_at(const char *o, long offset) {
    u64 bits = word_at(o, offset);
    double value;
    memcpy(&value, &bits, 8);
    return value;
}

u32 float_text(const char *o, char *into) {
    u32 used = double_text(double_at(o, 16), into);
    for (u32 i = 0; i < used; i++)
        if (strchr(".en", into[i])) return used;
    memcpy(into + used, ".0", 2);
    return used + 2;
}

u32 complex_text(const char *o, char *into) {
    double imaginary = double_at(o, 24);
    int is_pair = word_at(o, 16) != 0; /* -0.0 is one, too */
    u32 used = 0;
    if (is_pair) {
        into[used++] = '(';
        used += double_text(double_at(o, 16), into + used);
        if (!(word_at(o, 24) >> 63) || imaginary != imaginary) into[used++] = '+';
    }
    used += double_text(imaginary, into + used);
    into[used++] = 'j';
    if (is_pair) into[used++] = ')';
    return used;
}

static u32 escape(u8 c, char quote, char *into) {
    const char *named = "\t\n\r", *letters = "tnr", *at = c ? strchr(named, c) : NULL;
    if (c == (u8)quote || c == '\\' || at) {
        into[0] = '\\';
        into[1] = at ? letters[at - named] : (char)c;
        return 2;
    }
    if (c >= 32 && c < 127) { into[0] = (char)c; return 1; }
    memcpy(into, "\\x", 2);
    into[2] = hexadecimal[c >> 4];
    into[3] = hexadecimal[c & 15];
    return 4;
}

u32 bytes_text(const char *o, char *into, u32 limit, char *quote, int *whole) {
    const char *data = o + BYTES_DATA;
    u64 length = word_at(o, OB_SIZE), seen = length < limit ? length : limit, i;
    u32 used = 0;
    *quote = memchr(data, '\'', seen) && !memchr(data, '"', seen) ? '"' : '\'';
    for (i = 0; i < seen; i++) {
        char escaped[4];
        u32 n = escape((u8)data[i], *quote, escaped);
        if (used + n > limit) break;
        memcpy(into + used, escaped, n);
        used += n;
    }
    *whole = i == length;
    return used;
}
