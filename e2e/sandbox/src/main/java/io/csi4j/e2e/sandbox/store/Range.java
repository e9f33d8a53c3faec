package io.csi4j.e2e.sandbox.store;

import java.util.function.Predicate;

/**
 * Which objects of a kind to list.
 *
 * @param prefix what their keys begin with, see {@link Store#prefix}
 * @param afterKey the last key of the page before, empty for the first page
 * @param revision 0 for now
 * @param limit 0 for no limit
 */
public record Range(
    String prefix, String afterKey, long revision, int limit, Predicate<Entry> wanted) {}
