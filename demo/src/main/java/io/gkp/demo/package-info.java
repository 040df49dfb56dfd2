/**
 * The whole export on one machine with no configuration: a Postgres and a BigQuery inside this
 * process, a believable workload, two exports, and what a newcomer wants to see of them.
 */
package io.gkp.demo;
