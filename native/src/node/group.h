/** Blinding, evaluation and multiplication in ristretto255. */
#pragma once

#include "node/define.h"

namespace causeway {

void define_group(napi_env env, napi_value exports);

}  // namespace causeway
