/**
 * What the source calls its tables and columns, and where it is in its write-ahead log.
 *
 * <p>Any module may use it; it uses nothing but the JDK. Start at {@link io.gkp.name.TableName}.
 */
@NullMarked
package io.gkp.name;

import org.jspecify.annotations.NullMarked;
