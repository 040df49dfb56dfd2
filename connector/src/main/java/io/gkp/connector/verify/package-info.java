/**
 * What a verification is to compare, and what it has found. The run reads the rows ({@code
 * export.VerifyPass}); BigQuery compares them ({@link io.gkp.sql.verify.Comparisons}).
 */
package io.gkp.connector.verify;
