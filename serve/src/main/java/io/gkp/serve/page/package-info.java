/**
 * The operators' page: templates of {@code src/main/jte}, and what they are given.
 *
 * <p>Called by HTTP alone. It shows what {@code view} holds and asks nobody anything. Start at
 * {@link io.gkp.serve.page.Pages}.
 */
@NullMarked
package io.gkp.serve.page;

import org.jspecify.annotations.NullMarked;
