/** RBAC rules, made from what each controller declares that it does. */
@NullMarked
package io.csi4j.deploy.rbac;

import org.jspecify.annotations.NullMarked;
