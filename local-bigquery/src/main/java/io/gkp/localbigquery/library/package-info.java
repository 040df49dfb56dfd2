/** Functions of BigQuery that ZetaSQL lacks, written in GoogleSQL. */
package io.gkp.localbigquery.library;
