#include "server/base/random.h"

#include <openssl/rand.h>

#include <cstdlib>

namespace canvass {

std::string SecureRandom::Bytes(std::size_t size) {
  std::string bytes(size, '\0');
  // Without entropy no secret and no identifier can be trusted: there is nothing to go on with.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1) std::abort();
  return bytes;
}

}  // namespace canvass
