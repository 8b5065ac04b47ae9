import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { sha256 } from '../../build/krew.ts'
import { packerFor } from '../../build/packers.ts'
import { RUNTIME } from '../../build/packers/bun.ts'
import { companionsOf, NOTICES } from '../../build/release.ts'
import { signAdHoc, withoutSignature } from '../../build/sign-macho.ts'
import { binaryName, platform, TARGETS, type Target } from '../../build/targets.ts'
import { LICENCE } from '../support/krew-rules.ts'
import { readCodeDirectory, readMachO } from './macho.ts'
import { archiveOf, RELEASE, unpack, version } from './unpack.ts'

/** What the first bytes of a program say of the machine it is for (ELF e_machine, Mach-O cputype, PE Machine). */
const MACHINE: Readonly<Record<string, (file: Buffer) => boolean>> = {
  linux_amd64: (file) => file.toString('latin1', 0, 4) === '\x7fELF' && file.readUInt16LE(18) === 62,
  linux_arm64: (file) => file.toString('latin1', 0, 4) === '\x7fELF' && file.readUInt16LE(18) === 183,
  darwin_amd64: (file) => readMachO(file).cpu === 0x01000007,
  darwin_arm64: (file) => readMachO(file).cpu === 0x0100000c,
  windows_amd64: (file) =>
    file.toString('latin1', 0, 2) === 'MZ' && file.readUInt16LE(file.readUInt32LE(60) + 4) === 0x8664,
}

/** The executables of a platform's archive; the last one is that of the machine. */
const programsOf = (target: Target): readonly string[] =>
  target.os === 'windows' ? [binaryName(target)] : [binaryName(target), RUNTIME]

describe('the archives', () => {
  const dir = mkdtempSync(join(tmpdir(), 'archives-'))
  const folder = (target: Target) => join(dir, platform(target))
  const program = (target: Target) => readFileSync(join(folder(target), programsOf(target).at(-1)!))
  before(() => {
    for (const target of TARGETS) unpack(archiveOf(target), folder(target))
  })
  after(() => rmSync(dir, { recursive: true }))

  for (const target of TARGETS) {
    describe(`for ${platform(target)}`, () => {
      it('holds the program, the completion shim, the licence and the notices, and nothing else', () => {
        const others = [...companionsOf(target).map((each) => basename(each)), NOTICES]
        assert.deepEqual(readdirSync(folder(target)).sort(), [...programsOf(target), ...others].sort())
      })

      it('makes the programs executable, and nothing else', () => {
        for (const name of readdirSync(folder(target)))
          assert.equal(
            (statSync(join(folder(target), name)).mode & 0o777).toString(8),
            name.startsWith('kubectl') || name === RUNTIME ? '755' : '644',
            name,
          )
      })

      it('has the licence where krew looks for it', () => {
        assert.equal(readdirSync(folder(target)).filter((each) => LICENCE.test(each)).length, 1)
        assert.deepEqual(readFileSync(join(folder(target), 'LICENSE')), readFileSync('LICENSE'))
      })

      it('is of that machine', () => assert.ok(MACHINE[platform(target)]!(program(target))))

      it('holds the program as it was built, and no path of the machine it was built on', () => {
        const file = program(target)
        const built =
          target.os === 'windows' ? readFileSync('dist/kubectl-rollouts_group.mjs') : `rollouts-group v${version}`
        assert.ok(file.includes(built))
        for (const path of [process.cwd(), tmpdir() + '/release-', tmpdir() + '/bun-'])
          assert.equal(file.includes(path), false, path)
      })

      it('names its runtime, with its licence, in the notices', () => {
        const { title, version: of } = packerFor(target).runtime
        const notices = readFileSync(join(folder(target), NOTICES), 'utf8')
        const own = notices.slice(notices.search(new RegExp(`^${title} ${of}$`, 'm')))
        assert.ok(own.startsWith(title))
        const wanted = /Permission is hereby granted/
        for (const each of title === 'Bun' ? [wanted, /LIBRARY GENERAL PUBLIC/, /LESSER GENERAL PUBLIC/] : [wanted])
          assert.match(own, each)
      })
    })
  }

  it('are what checksums.txt says, with the bill of materials', () => {
    const lines = readFileSync(join(RELEASE, 'checksums.txt'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('  ') as [string, string])
    assert.deepEqual(
      lines.map(([, name]) => name),
      [...TARGETS.map((each) => archiveOf(each).split('/').at(-1)), `kubectl-rollouts_group_v${version}.cdx.json`],
    )
    for (const [digest, name] of lines) assert.equal(digest, sha256(readFileSync(join(RELEASE, name))), name)
  })

  it('name every package of the bundle, with its licence, in the notices and in the bill of materials', () => {
    const notice = readFileSync(join(folder(TARGETS[0]!), 'THIRD_PARTY_NOTICES'), 'utf8')
    const bill = JSON.parse(readFileSync(join(RELEASE, `kubectl-rollouts_group_v${version}.cdx.json`), 'utf8'))
    const titles = [...notice.matchAll(/^={80}\n(.+) (\S+) \((.+)\)\n={80}$/gm)].map(([, name, of]) => `${name}@${of}`)
    const inputs = Object.keys(JSON.parse(readFileSync('dist/meta.json', 'utf8')).inputs).flatMap(
      (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(path)?.[1] ?? [],
    )
    assert.ok(titles.length > 50)
    for (const name of ['socks', 'yargs', 'ink', 'react', 'yoga-layout', '@kubernetes/client-node'])
      assert.ok(inputs.includes(name) && titles.some((each) => each.startsWith(`${name}@`)), name)
    assert.deepEqual(
      titles.filter((each) => !inputs.includes(each.slice(0, each.lastIndexOf('@')))),
      [],
    )
    assert.deepEqual(
      bill.components
        .map(
          ({ name, group, version: of }: Record<string, string>) =>
            `${group === undefined ? '' : `${group}/`}${name}@${of}`,
        )
        .sort(),
      [...titles, `bun@${packerFor(TARGETS[0]!).runtime.version}`, `node@${process.versions.node}`].sort(),
    )
    assert.deepEqual(
      [bill.metadata.component.name, bill.metadata.component.version, bill.serialNumber, bill.metadata.timestamp],
      ['kubectl-rollouts-group', version, undefined, undefined],
    )
  })
})

describe('the ad-hoc signature', () => {
  for (const target of TARGETS.filter(({ os }) => os === 'darwin')) {
    it(`of ${platform(target)} has the hash of every page`, () => {
      const dir = mkdtempSync(join(tmpdir(), 'signature-'))
      try {
        unpack(archiveOf(target), dir)
        const file = readFileSync(join(dir, RUNTIME))
        const { segments, signature } = readMachO(file)
        assert.ok(signature)
        const { wrongPages, ...directory } = readCodeDirectory(file, signature)
        assert.deepEqual(wrongPages, [])
        assert.deepEqual(
          [directory.identifier, directory.flags, directory.codeLimit, directory.pages],
          ['kubectl-rollouts_group', 0x20002, signature.offset, Math.ceil(signature.offset / 4096)],
        )
        assert.deepEqual(directory.execSegment, {
          base: segments.get('__TEXT')!.offset,
          limit: segments.get('__TEXT')!.size,
          flags: 1n,
        })
        const linkEdit = segments.get('__LINKEDIT')!
        assert.equal(signature.offset % 16, 0)
        assert.equal(signature.offset + signature.size, file.length)
        assert.equal(linkEdit.offset + linkEdit.size, BigInt(file.length))
        assert.ok(linkEdit.vmSize >= linkEdit.size && linkEdit.vmSize % 0x4000n === 0n)
        // One byte of the code changed: its page is found out, and no other.
        file[5_000_000]! ^= 1
        assert.deepEqual(readCodeDirectory(file, signature).wrongPages, [Math.floor(5_000_000 / 4096)])
        assert.throws(() => signAdHoc(file, 'again'), /signed already/)
        file[5_000_000]! ^= 1
        const again = signAdHoc(withoutSignature(Buffer.from(file)), 'kubectl-rollouts_group')
        assert.ok(again.equals(file))
      } finally {
        rmSync(dir, { recursive: true })
      }
    })
  }

  it('is put on nothing but a Mach-O executable', () => {
    assert.throws(() => signAdHoc(Buffer.from('#!/bin/sh\n'.repeat(10)), 'x'), /no 64-bit Mach-O/)
    assert.throws(() => signAdHoc(readFileSync(process.execPath).subarray(0, 4096), 'x'), /no 64-bit Mach-O/)
  })
})

describe('a release that is built again', function () {
  this.timeout('5m')

  it('in another place, is the same to the last byte', () => {
    const copy = mkdtempSync(join(tmpdir(), 'another-place-'))
    try {
      execFileSync('cp', [
        '-a',
        'src',
        'build',
        'bin',
        'package.json',
        'package-lock.json',
        'LICENSE',
        'tsconfig.json',
        'node_modules',
        copy,
      ])
      const platforms = ['darwin_arm64', 'windows_amd64']
      for (const words of [['build/bundle.ts'], ['build/release.ts', ...platforms]])
        execFileSync(process.execPath, words, {
          cwd: copy,
          stdio: ['ignore', 'ignore', 'inherit'],
          env: { ...process.env, TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8' },
        })
      const first = new Map(
        readFileSync(join(RELEASE, 'checksums.txt'), 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => line.split('  ').reverse() as [string, string]),
      )
      const again = readFileSync(join(copy, 'dist', 'release', 'checksums.txt'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split('  ').reverse() as [string, string])
      assert.equal(again.length, platforms.length + 1)
      assert.deepEqual(
        again,
        again.map(([name]) => [name, first.get(name)]),
      )
    } finally {
      rmSync(copy, { recursive: true })
    }
  })
})
