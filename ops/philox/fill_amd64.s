//go:build !purego

#include "textflag.h"

// Each 64-bit lane holds a 32-bit number; its upper half has no meaning, since
// the products take the lower halves only.
#define ROUND(a, b, c, d) \
	VPXOR b, Y12, Y8 \
	VPXOR d, Y13, Y9 \
	VPMULUDQ c, Y11, b \
	VPMULUDQ a, Y10, d \
	VPSRLQ $32, b, a \
	VPSRLQ $32, d, c \
	VPXOR Y8, a, a \
	VPXOR Y9, c, c

#define ROUNDS(i) \
	VPBROADCASTQ (16*i)(SI), Y12 \
	VPBROADCASTQ (16*i+8)(SI), Y13 \
	ROUND(Y0, Y1, Y2, Y3) \
	ROUND(Y4, Y5, Y6, Y7)

// STORE writes the draws of four blocks.
#define STORE(a, b, c, d, at) \
	VPAND Y15, a, a \
	VPSLLQ $32, b, b \
	VPOR b, a, a \
	VPAND Y15, c, c \
	VPSLLQ $32, d, d \
	VPOR d, c, c \
	VPUNPCKLQDQ c, a, Y8 \
	VPUNPCKHQDQ c, a, Y9 \
	VPERM2I128 $0x20, Y9, Y8, b \
	VPERM2I128 $0x31, Y9, Y8, d \
	VMOVDQU b, (at)(DI) \
	VMOVDQU d, (at+32)(DI)

// func fillGroups(dst *uint64, groups int, table *fillTable)
TEXT ·fillGroups(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ groups+8(FP), CX
	MOVQ table+16(FP), SI
	VPBROADCASTQ 160(SI), Y10 // multipliers
	VPBROADCASTQ 168(SI), Y11
	VMOVDQU 192(SI), Y14 // counters of four blocks
	VPCMPEQD Y15, Y15, Y15
	VPSRLQ $32, Y15, Y15

group:
	VMOVDQA Y14, Y0
	VPSRLQ $32, Y14, Y1
	VPBROADCASTQ 176(SI), Y2 // stream
	VPBROADCASTQ 184(SI), Y3
	VPBROADCASTQ 224(SI), Y8 // 4
	VPADDQ Y8, Y14, Y14
	VMOVDQA Y14, Y4
	VPSRLQ $32, Y14, Y5
	VMOVDQA Y2, Y6
	VMOVDQA Y3, Y7
	VPADDQ Y8, Y14, Y14
	ROUNDS(0)
	ROUNDS(1)
	ROUNDS(2)
	ROUNDS(3)
	ROUNDS(4)
	ROUNDS(5)
	ROUNDS(6)
	ROUNDS(7)
	ROUNDS(8)
	ROUNDS(9)
	STORE(Y0, Y1, Y2, Y3, 0)
	STORE(Y4, Y5, Y6, Y7, 64)
	ADDQ $128, DI
	DECQ CX
	JNZ group
	VZEROUPPER
	RET
