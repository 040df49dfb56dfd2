/**
 * What a run tells a collector of metrics and traces, for schedules without a server: pushed by
 * OTLP at the run's end, where the standard variable names an endpoint. Start with {@link
 * io.gkp.connector.telemetry.Telemetry}. Ids, counts and times leave here, and no row value.
 */
@NullMarked
package io.gkp.connector.telemetry;

import org.jspecify.annotations.NullMarked;
