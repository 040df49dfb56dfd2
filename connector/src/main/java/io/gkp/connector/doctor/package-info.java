/**
 * {@code doctor}: all checks of the source and of the destination in one list, and whether ledger,
 * slot and source fit together.
 *
 * <p>Commands and the operators' page call it; it reads and changes nothing. Start at {@link
 * io.gkp.connector.doctor.Doctor}.
 */
@NullMarked
package io.gkp.connector.doctor;

import org.jspecify.annotations.NullMarked;
