// Return early on an error.
//
//   CANVASS_RETURN_IF_ERROR(Check(request));
//   CANVASS_ASSIGN_OR_RETURN(Survey survey, store.Get(scope, id));
#ifndef CANVASS_SERVER_BASE_STATUS_MACROS_H_
#define CANVASS_SERVER_BASE_STATUS_MACROS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define CANVASS_RETURN_IF_ERROR(expression)                                                      \
  do {                                                                                           \
    if (absl::Status canvass_status = (expression); !canvass_status.ok()) return canvass_status; \
  } while (false)

#define CANVASS_ASSIGN_OR_RETURN(target, expression) \
  CANVASS_ASSIGN_OR_RETURN_NAMED(CANVASS_JOIN(canvass_result_, __LINE__), target, expression)
#define CANVASS_ASSIGN_OR_RETURN_NAMED(result, target, expression) \
  auto result = (expression);                                      \
  if (!result.ok()) return result.status();                        \
  target = *std::move(result)
#define CANVASS_JOIN(a, b) CANVASS_JOIN_NOW(a, b)
#define CANVASS_JOIN_NOW(a, b) a##b

#endif  // CANVASS_SERVER_BASE_STATUS_MACROS_H_
