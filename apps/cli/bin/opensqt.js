#!/usr/bin/env node
require('../dist/opensqt.js');
