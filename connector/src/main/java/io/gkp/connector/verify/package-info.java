/**
 * What a verification is to compare, and what it has found. The run reads the rows ({@code
 * export.VerifyPass}); BigQuery compares them ({@link io.gkp.sql.verify.Comparisons}).
 */
@NullMarked
package io.gkp.connector.verify;

import org.jspecify.annotations.NullMarked;
