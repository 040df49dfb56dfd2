/**
 * Questions of an analyst to the dataset, and each table of Postgres beside its newest rows there.
 *
 * <p>The story calls it; the dataset is asked with Google's own client. Start at {@link
 * io.gkp.demo.question.Comparison}.
 */
@NullMarked
package io.gkp.demo.question;

import org.jspecify.annotations.NullMarked;
