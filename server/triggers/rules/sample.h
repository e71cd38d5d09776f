// Which customers a trigger with a sample_rate asks: always the same ones, whatever event they come with, and others
// for every trigger. Pure. Thread-safe.
#ifndef CANVASS_SERVER_TRIGGERS_RULES_SAMPLE_H_
#define CANVASS_SERVER_TRIGGERS_RULES_SAMPLE_H_

#include "server/base/ids.h"

namespace canvass::triggers {

// Where the customer stands, 0 up to, not including, 1. Spread evenly. In the sample of rate r if it is below r, so
// that a rate that is raised keeps the customers it had.
double SamplePoint(const TenantId& tenant, const TriggerId& trigger, const ContactId& contact);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_RULES_SAMPLE_H_
