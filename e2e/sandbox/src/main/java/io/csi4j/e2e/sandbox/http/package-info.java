/** HTTP/1.1 on virtual threads, and how requests and answers map to the API. */
@NullMarked
package io.csi4j.e2e.sandbox.http;

import org.jspecify.annotations.NullMarked;
