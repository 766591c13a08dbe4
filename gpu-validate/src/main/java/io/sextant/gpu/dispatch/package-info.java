/** Which measured kernel each matrix product of a model should use. */
package io.sextant.gpu.dispatch;
