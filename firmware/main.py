"""Starts the application on this board, unless it has failed too often."""

import asyncio

import safemode

if not safemode.entered():
    import board

    import app

    asyncio.run(app.main(board.make(), safemode.forget_boots))
