/**
 * Models as they are written down in {@code sql/<layer>/<model>}: their text, their metadata, and
 * what they read.
 *
 * <p>Everybody in this module may use it; it reads files of the class path and nothing else. Start
 * at {@link io.gkp.sql.model.ModelCatalog}.
 */
@NullMarked
package io.gkp.sql.model;

import org.jspecify.annotations.NullMarked;
