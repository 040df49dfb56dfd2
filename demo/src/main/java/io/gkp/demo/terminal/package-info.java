/**
 * How the story stands in a terminal: headings, tables, steps that take their time.
 *
 * <p>The story and its parts call it; it knows none of them. Start at {@link
 * io.gkp.demo.terminal.Console}.
 */
@NullMarked
package io.gkp.demo.terminal;

import org.jspecify.annotations.NullMarked;
