/**
 * What all rooms say to clients: the REST API's errors, and its JSON.
 *
 * <p>Anybody may call; it uses no other room. Start at {@link
 * io.gkp.localbigquery.api.ApiException}.
 */
package io.gkp.localbigquery.api;
