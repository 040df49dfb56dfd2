/**
 * What {@code doctor} looks at beside the source's checks: the destination, its quotas, the ledger,
 * and how both fit together.
 *
 * <p>Commands and the operators' page call it; it reads and changes nothing. Start at {@link
 * io.gkp.connector.doctor.Doctor}.
 */
package io.gkp.connector.doctor;
