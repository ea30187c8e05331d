// libyaml, its event parser and its emitter.
#pragma once
#include <yaml.h>
