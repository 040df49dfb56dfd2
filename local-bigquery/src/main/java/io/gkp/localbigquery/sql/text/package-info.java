/**
 * A statement's text before anybody has parsed it: tokens, placeholders, spellings that ZetaSQL
 * does not know.
 *
 * <p>It knows of no tables. Start at {@link io.gkp.localbigquery.sql.text.Lexer}.
 */
package io.gkp.localbigquery.sql.text;
