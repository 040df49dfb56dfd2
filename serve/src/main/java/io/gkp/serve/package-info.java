/**
 * The admin API and the operators' page: a thin face over what {@code operations}, {@code doctor},
 * the models and the ledger know. Nothing is kept here that a restart would lose. Start with {@link
 * io.gkp.serve.ServeCommand}; what may be asked is in {@code openapi.json}.
 */
@NullMarked
package io.gkp.serve;

import org.jspecify.annotations.NullMarked;
