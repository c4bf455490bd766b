interface Architecture {
  /** `AUDIT_ARCH_…` of linux/audit.h. */
  readonly audit: number;
  readonly socket: number;
  readonly socketpair: number;
  /** From here on numbers are those of another way to call the kernel (x32), which is not looked into. */
  readonly foreignFrom: number | undefined;
}

const architectures: Readonly<Record<string, Architecture>> = {
  x64: { audit: 0xc000003e, socket: 41, socketpair: 53, foreignFrom: 0x40000000 },
  arm64: { audit: 0xc00000b7, socket: 198, socketpair: 199, foreignFrom: undefined },
};

/** `io_uring_setup`, `…_enter`, `…_register`: the same numbers everywhere. They open sockets without a system call. */
const ioUring = [425, 426, 427];

const unix = 1;
const vsock = 40;
const datagram = 2;
const typeMask = 0xf;

const enosys = 38;
const eperm = 1;

/** Offsets in `struct seccomp_data`. */
const at = { number: 0, architecture: 4, firstArgument: 16, secondArgument: 24 } as const;

const load = 0x20;
const and = 0x54;
const jumpIfEqual = 0x15;
const jumpIfAtLeast = 0x35;
const give = 0x06;

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/**
 * A program for the kernel (classic BPF) that cuts a command off from Unix sockets and from virtual machine
 * sockets, which no namespace separates: Docker's socket is as good as root, and `vsock` reaches the host of a
 * virtual machine. Pairs of connected sockets stay: Node and others talk to their children through them. Of other
 * instruction sets nothing is allowed. `undefined` for a processor whose system calls are not known here.
 */
export function seccompFilter(arch: string): Buffer | undefined {
  const architecture = architectures[arch];
  if (architecture === undefined) return undefined;
  const { audit, socket, socketpair, foreignFrom } = architecture;
  return assembled([
    [load, 0, 0, at.architecture],
    ...unless(audit, refuse(enosys)),
    [load, 0, 0, at.number],
    ...(foreignFrom === undefined ? [] : onlyIf(jumpIfAtLeast, foreignFrom, refuse(enosys))),
    ...ioUring.flatMap((number) => onlyIf(jumpIfEqual, number, refuse(enosys))),
    ...onlyIf(jumpIfEqual, socket, [
      [load, 0, 0, at.firstArgument],
      ...onlyIf(jumpIfEqual, unix, refuse(eperm)),
      ...onlyIf(jumpIfEqual, vsock, refuse(eperm)),
      allow,
    ]),
    // A datagram socket of a pair could be connected again, to anywhere.
    ...onlyIf(jumpIfEqual, socketpair, [
      [load, 0, 0, at.secondArgument],
      [and, 0, 0, typeMask],
      ...onlyIf(jumpIfEqual, datagram, refuse(eperm)),
      allow,
    ]),
    allow,
  ]);
}

const allow: Instruction = [give, 0, 0, 0x7fff0000];

function refuse(errno: number): readonly Instruction[] {
  return [[give, 0, 0, 0x00050000 | errno]];
}

function onlyIf(jump: number, value: number, then: readonly Instruction[]): readonly Instruction[] {
  return [[jump, 0, then.length, value], ...then];
}

function unless(value: number, then: readonly Instruction[]): readonly Instruction[] {
  return [[jumpIfEqual, then.length, 0, value], ...then];
}

/** `struct sock_filter`, one after the other. */
function assembled(instructions: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(instructions.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of instructions.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value, index * 8 + 4);
  }
  return bytes;
}
