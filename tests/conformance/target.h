// The server that the conformance tests talk to, and tenants on it that no other test uses.
#ifndef CANVASS_TESTS_CONFORMANCE_TARGET_H_
#define CANVASS_TESTS_CONFORMANCE_TARGET_H_

#include <string>

#include "tests/process/workspace.h"

namespace canvass::conformance {

// A new tenant on the target, which is started with the first one and stopped at the end of the program. Ends the test
// program if there is no server to test.
testing::Workspace NewWorkspace();

// host:port of the target.
std::string TargetAddress();

// A client with the operator's credential.
std::unique_ptr<client::Client> Operator();

}  // namespace canvass::conformance

#endif  // CANVASS_TESTS_CONFORMANCE_TARGET_H_
