/** The files of a router: what each node costs a request, by what the router knows of it. */
package io.sextant.schema.router;
