/** Where the export stands: checkpoint ledger, replication slot, epochs. */
package io.gkp.offsets;
