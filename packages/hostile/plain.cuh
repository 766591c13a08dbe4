// A plain product that the hostile packages change in one place each.
typedef unsigned int u32;
typedef unsigned short u16;

__device__ __forceinline__ float wide(u16 bits) { return __uint_as_float((u32)bits << 16); }
__device__ __forceinline__ u16 narrow(float value) {
  u32 bits = __float_as_uint(value);
  return (u16)((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
}
__device__ __forceinline__ u16 output(const u16* activations, const u16* weights, int token, int row, int k) {
  float sum = 0;
  for (int i = 0; i < k; i++) sum += wide(activations[(long long)token * k + i]) * wide(weights[(long long)row * k + i]);
  return narrow(sum);
}
