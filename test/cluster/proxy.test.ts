import assert from 'node:assert/strict'
import { proxyFor } from '../../src/cluster/proxy-for.ts'

const HTTPS_PROXY = 'http://proxy:3128'

describe('the proxy of the environment', () => {
  for (const [what, server, env, proxy] of [
    ['no variable', 'https://k8s', {}, undefined],
    ['HTTPS_PROXY for https', 'https://k8s', { HTTPS_PROXY }, HTTPS_PROXY],
    ['its lower-case form', 'https://k8s', { https_proxy: HTTPS_PROXY }, HTTPS_PROXY],
    ['HTTPS_PROXY for an http server', 'http://k8s', { HTTPS_PROXY }, undefined],
    ['HTTP_PROXY for an http server', 'http://k8s', { HTTP_PROXY: 'http://p:1' }, 'http://p:1'],
    ['HTTP_PROXY for https', 'https://k8s', { HTTP_PROXY: 'http://p:1' }, undefined],
    ['a value without a scheme', 'https://k8s', { HTTPS_PROXY: 'p:1' }, 'http://p:1'],
    ['socks5', 'https://k8s', { HTTPS_PROXY: 'socks5://p:1' }, 'socks5://p:1'],
    ['localhost', 'https://localhost:6443', { HTTPS_PROXY }, undefined],
    ['a loopback address', 'https://127.3.2.1', { HTTPS_PROXY }, undefined],
    ['the IPv6 loopback address', 'https://[::1]:6443', { HTTPS_PROXY }, undefined],
  ] as const) {
    it(`is ${proxy ?? 'none'} with ${what}`, () => assert.equal(proxyFor(new URL(server), env), proxy))
  }

  for (const [noProxy, server, bypassed] of [
    ['*', 'https://anything', true],
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://api.example.com', true],
    ['EXAMPLE.com ', 'https://api.Example.com.', true],
    ['example.com', 'https://badexample.com', false],
    ['.example.com', 'https://api.example.com', true],
    ['.example.com', 'https://example.com', false],
    ['*.example.com', 'https://a.example.com', true],
    ['example.com:6443', 'https://example.com:6443', true],
    ['example.com:6443', 'https://example.com', false],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/', 'https://11.1.2.3', false],
    ['fd00::/8', 'https://[fd00::1]:6443', true],
    ['192.168.1.7', 'https://192.168.1.7', true],
    ['192.168.1.7', 'https://192.168.1.70', false],
    ['::1,fd00::1', 'https://[fd00::1]', true],
    ['a.com, ,b.com', 'https://b.com', true],
    ['a.com,,', 'https://c.com', false],
  ] as const) {
    it(`NO_PROXY=${noProxy} ${bypassed ? 'leaves out' : 'does not leave out'} ${server}`, () => {
      assert.equal(proxyFor(new URL(server), { HTTPS_PROXY, NO_PROXY: noProxy }), bypassed ? undefined : HTTPS_PROXY)
    })
  }
})
