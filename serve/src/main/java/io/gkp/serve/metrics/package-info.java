/**
 * {@code /metrics}: the state that the page shows, as Prometheus reads it.
 *
 * <p>Called by HTTP alone; no number is made here. Start at {@link
 * io.gkp.serve.metrics.ExportMetrics}.
 */
@NullMarked
package io.gkp.serve.metrics;

import org.jspecify.annotations.NullMarked;
