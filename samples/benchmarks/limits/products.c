// What a core reaches at most in recurrent products, whoever writes the code: the numbers that
// Sluice's kernels are to be seen beside. For processors with AVX-512.
//
//   gcc -O3 -march=native products.c -o products && taskset -c 0 ./products
//
// 1. Multiply-adds in registers, alone and with loads from the L1 cache between them: the loads
//    lower the clock.
// 2. The register tile of 12 rows by 2 vectors over all panels of a weight, as the runtime's
//    PanelProduct goes through them: as it is (Java has no prefetch instruction), with a software
//    prefetch in each panel's first tile, and with the vectors of a panel in runs of their own.
#include <immintrin.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 12, VECTORS = 2, LANES = 16, DEPTH = 256, LEFT_ROW = 272, REPEATS = 31, AHEAD = 512 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values) {
  qsort(values, REPEATS, sizeof *values, ascending);
  return values[REPEATS / 2];
}

#define FMA(n) "vfmadd231ps %%zmm31, %%zmm30, %%zmm" #n "\n"
#define FMAS_24                                                                                    \
  FMA(0) FMA(1) FMA(2) FMA(3) FMA(4) FMA(5) FMA(6) FMA(7) FMA(8) FMA(9) FMA(10) FMA(11) FMA(12)    \
  FMA(13) FMA(14) FMA(15) FMA(16) FMA(17) FMA(18) FMA(19) FMA(20) FMA(21) FMA(22) FMA(23)
#define BROADCAST(o) "vbroadcastss " #o "(%1), %%zmm29\n"
#define LOAD(o) "vmovups " #o "(%1), %%zmm28\n"
#define LOADS_14                                                                                   \
  BROADCAST(0) BROADCAST(64) BROADCAST(128) BROADCAST(192) BROADCAST(256) BROADCAST(320)           \
  BROADCAST(384) BROADCAST(448) BROADCAST(512) BROADCAST(576) BROADCAST(640) BROADCAST(704)        \
  LOAD(768) LOAD(832)

// GFLOP/s of a loop of 24 multiply-adds and what else there is.
#define SPEED(result, body)                                                                        \
  do {                                                                                             \
    double all[REPEATS];                                                                           \
    for (int r = 0; r < REPEATS; r++) {                                                            \
      long n = 100000;                                                                             \
      double start = now();                                                                        \
      asm volatile("1:\n" body "dec %0\njnz 1b\n"                                                  \
                   : "+r"(n) : "r"(memory)                                                         \
                   : "zmm0", "zmm1", "zmm2", "zmm3", "zmm4", "zmm5", "zmm6", "zmm7", "zmm8",        \
                     "zmm9", "zmm10", "zmm11", "zmm12", "zmm13", "zmm14", "zmm15", "zmm16",         \
                     "zmm17", "zmm18", "zmm19", "zmm20", "zmm21", "zmm22", "zmm23", "zmm28",        \
                     "zmm29", "cc", "memory");                                                     \
      all[r] = 100000 * 24. * 2 * LANES / (now() - start) * 1e-9;                                  \
    }                                                                                              \
    result = median(all);                                                                          \
  } while (0)

// c[r] = from[r] + sum over k of left[r][k] * panel[k].
#define TILE(name, rows, next, step, ahead)                                                        \
  __attribute__((noinline)) static void name(const float *left, const float *panel, int k,         \
                                             const float *from, long fromRow, float *c,            \
                                             long cRow) {                                          \
    __m512 sums[rows][VECTORS];                                                                    \
    for (int r = 0; r < rows; r++)                                                                 \
      for (int v = 0; v < VECTORS; v++) sums[r][v] = _mm512_setzero_ps();                          \
    for (int i = 0; i < k; i++, panel += step) {                                                   \
      if (ahead) {                                                                                 \
        _mm_prefetch((const char *)(panel + ahead), _MM_HINT_T0);                                  \
        _mm_prefetch((const char *)(panel + ahead + LANES), _MM_HINT_T0);                          \
      }                                                                                            \
      __m512 b0 = _mm512_loadu_ps(panel), b1 = _mm512_loadu_ps(panel + next);                      \
      _Pragma("GCC unroll 12") for (int r = 0; r < rows; r++) {                                    \
        __m512 a = _mm512_set1_ps(left[r * LEFT_ROW + i]);                                         \
        sums[r][0] = _mm512_fmadd_ps(a, b0, sums[r][0]);                                           \
        sums[r][1] = _mm512_fmadd_ps(a, b1, sums[r][1]);                                           \
      }                                                                                            \
    }                                                                                              \
    for (int r = 0; r < rows; r++)                                                                 \
      for (int v = 0; v < VECTORS; v++)                                                            \
        _mm512_storeu_ps(                                                                          \
            c + r * cRow + v * LANES,                                                              \
            _mm512_add_ps(sums[r][v], _mm512_loadu_ps(from + r * fromRow + v * LANES)));           \
  }
#define TILES(rows)                                                                                \
  TILE(plain##rows, rows, LANES, 2 * LANES, 0)                                                     \
  TILE(ahead##rows, rows, LANES, 2 * LANES, AHEAD)                                                 \
  TILE(runs##rows, rows, DEPTH * LANES, LANES, 0)
TILES(10)
TILES(11)
TILES(12)

typedef void Tile(const float *, const float *, int, const float *, long, float *, long);
typedef struct { Tile *first[3], *rest[3]; } Tiles;

static float bias[1 << 16];

// GFLOP/s of rows x inner times panels of 32 units; inner is a multiple of DEPTH.
static double product(Tiles t, int rows, int inner, int panels, float *a, float *b, float *c) {
  int depths = inner / DEPTH, tiles = (rows + ROWS - 1) / ROWS, width = VECTORS * LANES;
  long cRow = panels * width + LANES;
  double work = 2. * rows * inner * panels * width, all[REPEATS];
  int times = 1 + (int)(1e8 / work);
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    double start = now();
    for (int n = 0; n < times; n++)
      for (int p = 0; p < panels; p++)
        for (int d = 0; d < depths; d++)
          for (int tile = 0, row = 0; tile < tiles; tile++) {
            int share = (rows - row) / (tiles - tile);
            float *into = c + row * cRow + p * width;
            (tile ? t.rest : t.first)[share - 10](
                a + ((long)tile * depths + d) * ROWS * LEFT_ROW,
                b + ((long)p * inner + d * DEPTH) * width, DEPTH, d ? into : bias + p * width,
                d ? cRow : 0, into, cRow);
            row += share;
          }
    all[repeat] = work * times / (now() - start) * 1e-9;
  }
  return median(all);
}

int main(void) {
  float *a = aligned_alloc(4096, 4 << 20), *b = aligned_alloc(4096, 40 << 20),
        *c = aligned_alloc(4096, 4 << 20), *memory = a;
  for (int i = 0; i < 1 << 20; i++) a[i] = (rand() % 20001 - 10000) * 1e-4f;
  for (int i = 0; i < 10 << 20; i++) b[i] = (rand() % 20001 - 10000) * 1e-5f;
  asm volatile("vxorps %%zmm30, %%zmm30, %%zmm30\nvxorps %%zmm31, %%zmm31, %%zmm31\n" ::: "memory");
  double alone, loaded;
  SPEED(alone, FMAS_24);
  SPEED(loaded, LOADS_14 FMAS_24);
  printf("multiply-adds in registers %.0f GFLOP/s; with the 14 loads of a tile's step, from L1, %.0f\n\n",
         alone, loaded);
  Tiles plain = {{plain10, plain11, plain12}, {plain10, plain11, plain12}};
  Tiles ahead = {{ahead10, ahead11, ahead12}, {plain10, plain11, plain12}};
  Tiles runs = {{runs10, runs11, runs12}, {runs10, runs11, runs12}};
  struct { const char *what; int rows, inner, panels; } cases[] = {
      {"one panel, in L1 and L2", 36, 256, 1},
      {"h of 32 x 256, 1 MiB", 32, 256, 32},
      {"x and h of 32 x 256, 2 MiB", 32, 512, 32},
      {"x and h of 64 x 512, 8 MiB", 64, 1024, 64},
  };
  printf("| product | MiB of weights | GFLOP/s | with prefetch | vectors in runs |\n| --- | ---: | ---: | ---: | ---: |\n");
  for (int i = 0; i < 4; i++) {
    int rows = cases[i].rows, inner = cases[i].inner, panels = cases[i].panels;
    printf("| %s: %d x %d x %d | %.2f | %.0f | %.0f | %.0f |\n", cases[i].what, rows, inner,
           panels * 32, inner * panels * 128. / (1 << 20), product(plain, rows, inner, panels, a, b, c),
           product(ahead, rows, inner, panels, a, b, c), product(runs, rows, inner, panels, a, b, c));
  }
}
