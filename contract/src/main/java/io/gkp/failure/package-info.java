/** What can go wrong, as stable codes and exit codes; every module reports through it. */
package io.gkp.failure;
