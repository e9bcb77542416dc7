//go:build !purego

#include "textflag.h"

// LINEAR sets y to the constant at offset at plus the one after it times r.
#define LINEAR(at, y) \
	VBROADCASTSD (at+8)(DX), Y9 \
	VMULPD Y1, Y9, Y9 \
	VBROADCASTSD (at)(DX), y \
	VADDPD Y9, y, y

// ESTRIN sets Y8 to (c0 + c1*r2) + r4*(c2 + c3*r2) of the four linear
// polynomials at offset at.
#define ESTRIN(at) \
	LINEAR(at, Y4) \
	LINEAR(at+16, Y5) \
	LINEAR(at+32, Y6) \
	LINEAR(at+48, Y7) \
	VMULPD Y2, Y5, Y5 \
	VADDPD Y5, Y4, Y4 \
	VMULPD Y2, Y7, Y7 \
	VADDPD Y7, Y6, Y6 \
	VMULPD Y3, Y6, Y6 \
	VADDPD Y6, Y4, Y8

// func centralGroups(dst, q *float64, groups int, table *[17]float64)
TEXT ·centralGroups(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ q+8(FP), SI
	MOVQ groups+16(FP), CX
	MOVQ table+24(FP), DX
	VBROADCASTSD (DX), Y15

group:
	VMOVUPD (SI), Y0
	VMULPD Y0, Y0, Y1
	VSUBPD Y1, Y15, Y1 // r
	VMULPD Y1, Y1, Y2 // r2
	VMULPD Y2, Y2, Y3 // r4
	ESTRIN(8)
	VMULPD Y0, Y8, Y10
	ESTRIN(72)
	VDIVPD Y8, Y10, Y10
	VMOVUPD Y10, (DI)
	ADDQ $32, SI
	ADDQ $32, DI
	DECQ CX
	JNZ group
	VZEROUPPER
	RET
