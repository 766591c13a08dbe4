/** Responses of servers, as a client logs them, with the routing that engines return in them. */
package io.sextant.schema.trace.response;
