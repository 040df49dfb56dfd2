package io.gkp.connector.source;

import io.gkp.name.TableName;

/**
 * A captured table as it stood when the run started.
 *
 * @param estimatedRows the planner's estimate, -1 where the table was never analyzed
 */
public record CapturedTable(TableName name, long estimatedRows) {}
