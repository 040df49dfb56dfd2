/**
 * The benchmark for sceptics: everybody reads the same changes from the same server in turn, each
 * in a process of its own, which is measured from outside. Start at {@link io.gkp.bench.Bench}.
 */
package io.gkp.bench;
