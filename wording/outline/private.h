/* How the nodes of an outline are called. */
#ifndef WORDING_OUTLINE_PRIVATE_H
#define WORDING_OUTLINE_PRIVATE_H

#include "wording/outline/outline.h"

/* Cuts sections' names down to the unit: what they all end with is no part of it. */
void outline_name_sections(GPtrArray *nodes);
void outline_label(GPtrArray *nodes);

#endif
