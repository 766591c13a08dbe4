/** Logs of server responses that contain the routing returned by engines. */
package io.sextant.schema.trace.response;
